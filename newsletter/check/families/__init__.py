"""The rules in families, an explicit list each; `newsletter.check.registry` joins them."""
