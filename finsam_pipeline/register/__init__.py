"""One association's typed configuration and its periods."""

from finsam_pipeline.register.errors import ConfigurationError, ConfigurationErrors
from finsam_pipeline.register.load import list_associations, load_register
from finsam_pipeline.register.model import Register
from finsam_pipeline.register.template import write_template

__all__ = ["ConfigurationError", "ConfigurationErrors", "Register", "list_associations", "load_register", "write_template"]
