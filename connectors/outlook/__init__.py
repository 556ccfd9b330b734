"""Outlook calendars through Microsoft Graph: one's own, or those of an organisation."""
