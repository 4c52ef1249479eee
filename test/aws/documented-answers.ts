/** What AWS answers to one request, as its API references document it; each request is one of these actions. */
export interface DocumentedAnswers {
  readonly assumeRole?: (form: URLSearchParams) => Response
  readonly whoAmI?: (accessKeyId: string) => Response
  readonly headBucket?: (request: Asked) => Response
  readonly listObjects?: (request: Asked) => Response
}

/** A request to S3, as far as answers depend on it. */
export interface Asked {
  readonly bucket: string
  readonly prefix: string | null
  readonly region: string
  readonly owner: string | null
}

/** Carries requests to answers, and notes what was asked. A request without an answer is a mistake of the test. */
export function answering(answers: DocumentedAnswers): {
  readonly asked: string[]
  answer(request: Request): Promise<Response>
} {
  const asked: string[] = []
  return {
    asked,
    async answer(request) {
      const url = new URL(request.url)
      const scope = request.headers.get('authorization')?.match(/Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)/)
      const [, key = '', region = '', service = ''] = scope ?? []
      if (service === 'sts') {
        const form = new URLSearchParams(await request.text())
        const action = form.get('Action') ?? ''
        asked.push(
          `${action}${form.has('ExternalId') ? ` ${form.get('ExternalId')}` : ''} by ${key} in ${region}`,
        )
        if (action === 'AssumeRole') return called(answers.assumeRole, form, action)
        return called(answers.whoAmI, key, action)
      }
      const one: Asked = {
        bucket: url.pathname.split('/')[1] ?? '',
        prefix: url.searchParams.get('prefix'),
        region,
        owner: request.headers.get('x-amz-expected-bucket-owner'),
      }
      const verb = request.method === 'HEAD' ? 'HeadBucket' : 'ListObjectsV2'
      asked.push(`${verb} ${one.bucket} by ${key} in ${region} of ${one.owner ?? 'anybody'}`)
      return called(request.method === 'HEAD' ? answers.headBucket : answers.listObjects, one, verb)
    },
  }
}

function called<T>(answer: ((of: T) => Response) | undefined, of: T, name: string): Response {
  if (answer === undefined) throw new Error(`the test has no answer to ${name}`)
  return answer(of)
}

const sts = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'

/** The documented success of AssumeRole, for the role of the request. */
export function assumed(form: URLSearchParams, session = 'ASIASESSION'): Response {
  const arn = sessionArn(form.get('RoleArn') ?? '', form.get('RoleSessionName') ?? '')
  return xml(
    200,
    `<AssumeRoleResponse ${sts}><AssumeRoleResult><Credentials><AccessKeyId>${session}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>` +
      '<SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>' +
      `<AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`,
  )
}

/** How a session of a role is named: without the role's path. */
export function sessionArn(role: string, session: string): string {
  const [, , , , account, path = ''] = role.split(':')
  return `arn:aws:sts::${account}:assumed-role/${path.split('/').at(-1)}/${session}`
}

export function iAm(arn: string): Response {
  const account = arn.split(':')[4]
  return xml(
    200,
    `<GetCallerIdentityResponse ${sts}><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>X</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  )
}

export function stsError(status: number, code: string, message = ''): Response {
  return xml(
    status,
    `<ErrorResponse ${sts}><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  )
}

/** HeadBucket has no body: status and headers are all that speaks. */
export function head(status: number, region?: string): Response {
  return new Response(null, {
    status,
    headers: region === undefined ? {} : { 'x-amz-bucket-region': region },
  })
}

export function listed(keys: readonly string[]): Response {
  return xml(
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><KeyCount>${keys.length}</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated>` +
      `${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`,
  )
}

export function s3Error(status: number, code: string, more = ''): Response {
  return xml(
    status,
    `<Error><Code>${code}</Code><Message>${code} it is</Message>${more}<RequestId>r</RequestId><HostId>h</HostId></Error>`,
  )
}

function xml(status: number, body: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>${body}`, {
    status,
    headers: { 'content-type': 'application/xml' },
  })
}
