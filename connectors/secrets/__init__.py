from connectors.secrets.file import FileSecrets
from connectors.secrets.forgetting import Forgotten, forget
from connectors.secrets.places import Secrets, all_places, secrets
from connectors.secrets.redaction import without_secrets
from connectors.secrets.ring import KeyringSecrets

__all__ = [
    "FileSecrets",
    "Forgotten",
    "KeyringSecrets",
    "Secrets",
    "all_places",
    "forget",
    "secrets",
    "without_secrets",
]
