-- wrk's requests: the paths of a file, one after the other and over again.
-- wrk -s load.lua http://… -- METHOD file [access token]
local requests = {}
local sent = 0

function init(args)
  if args[3] then wrk.headers['Authorization'] = 'Bearer ' .. args[3] end
  for path in io.lines(args[2]) do
    requests[#requests + 1] = wrk.format(args[1], path)
  end
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end
