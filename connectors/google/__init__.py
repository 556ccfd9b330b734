"""Google Calendar and Directory: one's own calendars, or those of an organisation."""
