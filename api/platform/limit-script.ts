/**
 * The counting, inside Redis, where it is atomic and where there is one clock: what each process believes the time to
 * be does not matter. A key holds the attempts of one caller in the last window, by the time they began. It never grows
 * beyond the limit, because a refused attempt is not added; and one that is in it already (a repeat under the same
 * Idempotency-Key) is not added again.
 *
 * An attempt whose outcome is not known yet begins with `?`. One that nobody settled (its process died) stands for a
 * failure after a minute.
 */
const LOST_MS = 60_000

const CLOCK = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
`

/**
 * Several attempts, one after the other. KEYS: the counters of the first, then of the second, and so on. ARGV, five for
 * each attempt: its name, how many counters it has, the window in ms, the most, whether failures alone count (1, 0).
 * An attempt is admitted where all its counters have room. Returns four for each: admitted (1), refused (0) or undecided
 * (2); how many are left; ms until there is room, or one more; which of its counters has no room, from 1.
 */
export const TAKE = `${CLOCK}
local moment = string.format('%.3f', now)
local answer = {}

local function oldest_in(key, window)
  local entry = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if entry[2] and tonumber(entry[2]) <= now - window then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.3f', now - window))
    entry = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  end
  return entry[2] or moment
end

local function settled_in(key)
  local settled = {}
  local all = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 1) ~= '?' or tonumber(all[i + 1]) < now - ${LOST_MS} then
      settled[#settled + 1] = all[i + 1]
    end
  end
  return settled
end

local function take(keys, attempt, window, max, is_try)
  local refused, undecided, opens, counts, oldest = 0, false, 0, {}, {}
  for i, key in ipairs(keys) do
    oldest[i] = oldest_in(key, window)
    counts[i] = redis.call('ZCARD', key)
    if counts[i] >= max and not redis.call('ZSCORE', key, attempt) then
      local settled = is_try and settled_in(key)
      if settled and #settled < max then
        undecided = true
      else
        local leaves = settled and settled[#settled - max + 1]
          or redis.call('ZRANGE', key, counts[i] - max, counts[i] - max, 'WITHSCORES')[2]
        local wait = leaves + window - now
        if refused == 0 or wait > opens then refused, opens = i, wait end
      end
    end
  end
  if refused > 0 then return 0, 0, opens, refused end
  if undecided then return 2, 0, 0, 0 end
  local remaining, resets = max, 0
  for i, key in ipairs(keys) do
    local left = math.max(max - counts[i] - redis.call('ZADD', key, 'NX', moment, attempt), 0)
    redis.call('PEXPIRE', key, window)
    local wait = oldest[i] + window - now
    if left < remaining or (left == remaining and wait > resets) then remaining, resets = left, wait end
  end
  return 1, remaining, resets, 0
end

local first = 1
for at = 1, #ARGV, 5 do
  local last = first + ARGV[at + 1] - 1
  local keys = {unpack(KEYS, first, last)}
  first = last + 1
  local state, remaining, wait, by =
    take(keys, ARGV[at], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), ARGV[at + 4] == '1')
  local n = #answer
  answer[n + 1], answer[n + 2], answer[n + 3], answer[n + 4] = state, remaining, math.ceil(wait), by
end
return answer
`

/**
 * Says how an attempt ended. KEYS: its counters. ARGV: its name, the window, the most, whether it counts (1, 0). Returns
 * four, as TAKE does.
 */
export const SETTLE = `${CLOCK}
local attempt, window, max = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local remaining, resets = max, 0
for _, key in ipairs(KEYS) do
  local score = redis.call('ZSCORE', key, attempt)
  if score then
    redis.call('ZREM', key, attempt)
    if ARGV[4] == '1' then redis.call('ZADD', key, score, string.sub(attempt, 2)) end
  end
  local left = math.max(max - redis.call('ZCARD', key), 0)
  local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  local wait = oldest and oldest + window - now or 0
  if left < remaining or (left == remaining and wait > resets) then remaining, resets = left, wait end
end
return {1, remaining, math.ceil(resets), 0}
`
