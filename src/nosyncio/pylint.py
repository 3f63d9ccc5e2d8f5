"""The door for pylint's users, who write `load-plugins=nosyncio.pylint`."""

from nosyncio.frontends.pylint import load_configuration as load_configuration
from nosyncio.frontends.pylint import register as register
