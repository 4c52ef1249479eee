/** Milliseconds for which an answer about readiness counts: anybody may ask, and asking must not be work for the database. */
const validity = 1_000
/** Milliseconds after which a database that says nothing counts as one that does not answer. */
const patience = 2_000

/**
 * Answers what load balancers and orchestrators ask, without authentication: `/healthz`, whether the process lives, and
 * `/readyz`, whether it has a database that answers and is not about to stop. Undefined for any other path.
 */
export function healthChecks(
  databaseAnswers: () => Promise<boolean>,
  stopping: AbortSignal,
): (request: Request) => Promise<Response> | undefined {
  let known: { readonly at: number; readonly answer: Promise<boolean> } | undefined
  const isReady = (): Promise<boolean> => {
    if (known === undefined || performance.now() - known.at > validity)
      known = { at: performance.now(), answer: withinPatience(databaseAnswers()) }
    return known.answer
  }
  return ({ method, url }) => {
    const { pathname } = new URL(url)
    if (method !== 'GET' && method !== 'HEAD') return undefined
    if (pathname === '/healthz') return Promise.resolve(told('ok'))
    if (pathname !== '/readyz') return undefined
    if (stopping.aborted) return Promise.resolve(told('stopping'))
    return isReady().then((ready) => told(ready ? 'ok' : 'no database'))
  }
}

function told(status: 'ok' | 'stopping' | 'no database'): Response {
  return Response.json(
    { status },
    { status: status === 'ok' ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}

async function withinPatience(answer: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, patience, false)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
