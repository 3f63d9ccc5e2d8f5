from __future__ import annotations

from nosyncio.rules.base import HygieneRule


class NotAnalysed(HygieneRule):
    """A file that could not be read or parsed.

    ## What it does
    Reports a file that was to be checked but could not be: unreadable, not decodable, a syntax error, nested too deeply. The
    rest of the project is still checked, and the exit code is 2.

    ## Why is this bad
    A file that nobody looked at is not a clean file.

    ## Example
    A file for Python 2, a file with a syntax of a newer Python than the one that runs nosyncio, a dangling link.

    ## Use instead
    Mend the file, run nosyncio with a Python that can parse it, or name it in `exclude`.

    ## What it does not see
    Files that `exclude` or `.gitignore` leave out.
    """

    code = "NSI902"
    name = "not-analysed"
