import t from 'tap'
import { LostAnswer, ServiceError } from '../../src/core/resource.js'
import { type Reading, unexpected } from '../../src/http/reading.js'

const read: Reading = {
  doing: 'reading a@b',
  status: 200,
  requestId: () => 'r1',
  wrote: false,
  api: 'the API',
}

t.test('an answer to a read of the wrong form names its status and request, and what to check', async (t) => {
  const error = unexpected(read, 'an object')
  t.type(error, ServiceError)
  t.equal(
    error.message,
    'reading a@b (HTTP 200): the answer has not the expected form: there should be an object [request r1]',
  )
  t.match(error, { facts: { help: 'Check that the endpoint is that of the API.' } })
})

t.test('an answer to a write that succeeded, and of the wrong form, is as good as lost', async (t) => {
  const unnamed: Reading = { ...read, requestId: () => undefined, wrote: true }
  const error = unexpected({ ...unnamed, doing: 'creating a@b', status: 201 }, 'an object')
  t.type(error, LostAnswer)
  t.equal(
    error.message,
    'creating a@b (HTTP 201): the answer has not the expected form: there should be an object: so it is not known whether the service did it',
  )
  t.match(error.cause, { facts: { status: 201, help: 'Check that the endpoint is that of the API.' } })
})
