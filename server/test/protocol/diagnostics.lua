-- Starts the language server on a file, runs its checks, and prints its diagnostics as JSON: what a second client, which
-- shares no code with ours, makes of the protocol. neovim 0.7 has no `-l`, so it is run with `-c "luafile …"`.
local node, entry, file, root, cache = unpack(vim.split(vim.env.NOETHER_NVIM, '\n'))

local function fail(message)
  io.stdout:write(vim.json.encode({ error = message }) .. '\n')
  vim.cmd('cquit 1')
end

vim.cmd('edit ' .. vim.fn.fnameescape(file))
local buffer = vim.api.nvim_get_current_buf()
local latest, states = nil, nil

local client = vim.lsp.start_client({
  name = 'noether',
  cmd = { node, entry, 'lsp', '--stdio' },
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = 'quickstart' } },
  settings = { noether = { run = 'onCommand', cacheFolder = cache } },
  get_language_id = function() return 'equi' end,
  handlers = {
    ['textDocument/publishDiagnostics'] = function(_, params)
      if params.uri == vim.uri_from_bufnr(buffer) then latest = params.diagnostics end
    end,
    ['noether/checks'] = function(_, params) states = params.checks end,
    ['noether/status'] = function() end,
  },
})
if not client then fail('the server did not start') end
if not vim.lsp.buf_attach_client(buffer, client) then fail('the buffer could not be attached') end

if not vim.wait(30000, function() return latest and states end, 50) then fail('no diagnostics came') end

local uri = vim.uri_from_bufnr(buffer)
local done = false
vim.lsp.get_client_by_id(client).request('workspace/executeCommand', {
  command = 'noether.server.run',
  arguments = { uri },
}, function(err)
  if err then fail(vim.inspect(err)) end
  done = true
end, buffer)
local function settled()
  for _, check in ipairs(states) do
    if check.state == 'queued' or check.state == 'running' or check.state == 'not run' then return false end
  end
  return done
end
if not vim.wait(280000, settled, 50) then fail('the checks did not end') end
-- The diagnostics follow the states in the same breath.
vim.wait(200, function() return false end)

io.stdout:write(vim.json.encode({ diagnostics = latest, checks = states }) .. '\n')
vim.lsp.stop_client(client)
vim.wait(5000, function() return vim.lsp.client_is_stopped(client) end, 50)
vim.cmd('qall!')
