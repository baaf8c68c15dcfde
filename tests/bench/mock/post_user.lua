-- Every request makes a user with an external_id of its own: run, thread, number.

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("thread_number", threads)
end

function init(arguments)
  run = arguments[1]
  count = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  count = count + 1
  local external_id = run .. "-" .. thread_number .. "-" .. count
  return wrk.format(nil, nil, nil, '{"name":"Bench","external_id":"' .. external_id .. '"}')
end
