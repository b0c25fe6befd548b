-- wrk's requests: deliveries of a file, one after the other. A line is a signature, a blank, and a body.
-- wrk -s deliveries.lua http://… -- path file
-- They are made before the clock runs, as those of load.lua are.
local requests = {}
local sent = 0

function init(args)
  for line in io.lines(args[2]) do
    local cut = line:find(' ', 1, true)
    requests[#requests + 1] = wrk.format('POST', args[1],
      { ['content-type'] = 'application/json', hashstring = line:sub(1, cut - 1) }, line:sub(cut + 1))
  end
end

function request()
  sent = sent + 1
  -- out of deliveries: what would be sent now is a copy, which is other work
  return requests[sent] or wrk.format('GET', '/out-of-deliveries')
end
