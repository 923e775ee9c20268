vim.lsp.config.newsletter = {
  cmd = { "newsletter", "lsp" },
  filetypes = { "markdown" },
  root_markers = { "newsletter.toml" },
  workspace_required = true,
}
vim.lsp.enable("newsletter")
