-- What Neovim made of the issue it was opened with, as JSON: findings, a rule's page, the text once
-- its first fix is in, and the text in the canonical form.
local patience = tonumber(vim.env.PATIENCE) * 1000

local function await(what, holds)
  if not vim.wait(patience, holds, 20) then
    io.stdout:write(vim.json.encode({ missing = what }))
    vim.cmd("cquit!")
  end
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end

local out = {}
await("findings", function() return #vim.diagnostic.get(0) > 0 end)
out.found = vim.tbl_map(function(one)
  return { line = one.lnum + 1, code = one.code }
end, vim.diagnostic.get(0))

local first = vim.diagnostic.get(0)[1]
vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
vim.lsp.buf.hover()
await("the rule's page", function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      local page = vim.api.nvim_win_get_buf(window)
      out.page = vim.api.nvim_buf_get_lines(page, 0, 3, false)
      vim.api.nvim_win_close(window, true)
      return true
    end
  end
end)

vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return action.kind == "quickfix" end,
})
await("the fix", function() return #vim.diagnostic.get(0) == 0 end)
out.mended = text()

vim.api.nvim_buf_set_lines(0, -1, -1, false, { "", "", "" })
vim.lsp.buf.format({ timeout_ms = patience })
out.formatted = text()

io.stdout:write(vim.json.encode(out))
vim.cmd("qa!")
