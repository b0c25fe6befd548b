-- wrk's requests: deliveries of a file, one after the other. A line is a signature, a blank, and a body.
-- wrk -s deliveries.lua http://… -- path file
local lines
local path

function init(args)
  path = args[1]
  lines = io.lines(args[2])
end

function request()
  local line = lines()
  -- out of deliveries: what would be sent now is a copy, which is other work
  if line == nil then return wrk.format('GET', '/out-of-deliveries') end
  local cut = line:find(' ', 1, true)
  return wrk.format('POST', path,
    { ['content-type'] = 'application/json', hashstring = line:sub(1, cut - 1) }, line:sub(cut + 1))
end
