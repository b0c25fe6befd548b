/**
 * The counting, inside Redis, where it is atomic and where there is one clock: what each process believes the time to
 * be does not matter. A key holds the attempts of one caller in the last window, by the time they began. It never grows
 * beyond the limit, because a refused attempt is not added; and one that is in it already (a repeat under the same
 * Idempotency-Key) is not added again.
 *
 * An attempt whose outcome is not known yet begins with `?`. One that nobody settled (its process died) stands for a
 * failure after a minute.
 */
const COMMON = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local attempt, window, max = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local remaining, resets = max, 0
local function note(key, count)
  local left = math.max(max - count, 0)
  local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  local wait = oldest and oldest + window - now or 0
  if left < remaining or (left == remaining and wait > resets) then remaining, resets = left, wait end
end
`

/**
 * KEYS: the counters, all of which must have room. ARGV: attempt, window in ms, most, whether failures alone count (1, 0).
 * Returns `[admitted (1), refused (0) or undecided (2); remaining; ms until there is room, or one
 * more; which key has no room, from 1]`.
 */
export const TAKE = `${COMMON}
local settled_before = now - 60000
local refused, undecided, opens = 0, false, 0
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.3f', now - window))
  local count = redis.call('ZCARD', key)
  if count >= max and not redis.call('ZSCORE', key, attempt) then
    local settled = {}
    if ARGV[4] == '1' then
      local all = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
      for at = 1, #all, 2 do
        if string.sub(all[at], 1, 1) ~= '?' or tonumber(all[at + 1]) < settled_before then
          settled[#settled + 1] = all[at + 1]
        end
      end
    end
    if ARGV[4] == '1' and #settled < max then
      undecided = true
    else
      local next = settled[#settled - max + 1] or redis.call('ZRANGE', key, count - max, count - max, 'WITHSCORES')[2]
      local wait = next + window - now
      if refused == 0 or wait > opens then refused, opens = i, wait end
    end
  end
end
if refused > 0 then return {0, 0, math.ceil(opens), refused} end
if undecided then return {2, 0, 0, 0} end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, 'NX', string.format('%.3f', now), attempt)
  redis.call('PEXPIRE', key, window)
  note(key, redis.call('ZCARD', key))
end
return {1, remaining, math.ceil(resets), 0}
`

/**
 * Says how an attempt ended. ARGV: attempt, window, most, whether it counts (1, 0). Returns what is left, as TAKE does.
 */
export const SETTLE = `${COMMON}
for _, key in ipairs(KEYS) do
  local score = redis.call('ZSCORE', key, attempt)
  if score then
    redis.call('ZREM', key, attempt)
    if ARGV[4] == '1' then redis.call('ZADD', key, score, string.sub(attempt, 2)) end
  end
  note(key, redis.call('ZCARD', key))
end
return {1, remaining, math.ceil(resets), 0}
`
