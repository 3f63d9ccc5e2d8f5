"""Sphinx's configuration. `python -m sphinx -W --keep-going -b dirhtml docs site` builds the site.

Derived pages are written into `docs/` before Sphinx looks for its sources; see `tools/docsite`.
"""

import sys
from pathlib import Path

_DOCS = Path(__file__).parent
sys.path.insert(0, str(_DOCS.parent / "tools"))

import docsite  # noqa: E402 (the path comes first)

docsite.write(_DOCS)

project = "nosyncio"
html_title = "nosyncio"
extensions = ["myst_parser", "sphinx_copybutton", "sphinx_design"]
exclude_patterns = ["_derived"]
html_extra_path = [docsite.samples.FOLDER]

myst_enable_extensions = ["attrs_inline", "colon_fence", "substitution"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("filter.js", {"defer": "defer"})]
html_favicon = "_static/logo.svg"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_logo = "_static/logo.svg"
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0f766e",
        "color-brand-content": "#0f766e",
        "color-brand-visited": "#0f766e",
    },
    "dark_css_variables": {
        "color-brand-primary": "#5eead4",
        "color-brand-content": "#5eead4",
        "color-brand-visited": "#5eead4",
    },
}
pygments_style = "friendly"
pygments_dark_style = "github-dark"
copybutton_exclude = ".linenos, .gp, .go"
copybutton_prompt_text = "$ "
