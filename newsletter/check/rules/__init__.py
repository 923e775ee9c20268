"""The rules, one a file, each under its slug's name; `newsletter.check.registry` lists them."""
