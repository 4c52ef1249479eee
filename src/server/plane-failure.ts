import type { SystemName } from './system.js'

/** The answer of a service that cannot be asked at all, in the shape of its vendor. */
export function failureAnswer(system: SystemName, status: 500 | 503): Response {
  const text =
    status === 503 ? 'the database does not answer: try again' : 'the log of the server says what went wrong'
  return Response.json(
    bodyOf(system, status === 503 ? 'Service unavailable' : 'Internal server error', text),
    {
      status,
    },
  )
}

function bodyOf(system: SystemName, message: string, details: string): object {
  switch (system) {
    case 'trifacta':
      return {
        exception: { name: message.replaceAll(/ ./g, (s) => s[1]?.toUpperCase() ?? ''), message, details },
      }
    case 'vault':
      return { errors: [details] }
    case 'tines':
      return { errors: [{ message, details }] }
    case 'outerproduct':
      return { detail: message }
  }
}
