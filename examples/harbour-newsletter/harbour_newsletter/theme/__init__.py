"""The theme “harbour”: `theme.toml` has its colours and fonts, `templates/` what it draws anew."""
