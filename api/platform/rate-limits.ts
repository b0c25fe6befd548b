/** Every class of requests that is counted by itself. */
export type LimitClass =
  | 'auth:login'
  | 'auth:register'
  | 'auth:send'
  | 'payments:create'
  | 'api:standard'
  | 'api:search'
  | 'callbacks'
  | 'health'
