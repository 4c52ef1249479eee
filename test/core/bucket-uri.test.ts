import t from 'tap'
import { checkBucketUri, parseBucketUri } from '../../src/core/bucket-uri.js'

t.test('an address has a bucket and perhaps the beginning of keys', async (t) => {
  t.strictSame(parseBucketUri('s3://acme-data'), { bucket: 'acme-data', prefix: '' })
  t.strictSame(parseBucketUri('s3://acme-data/'), { bucket: 'acme-data', prefix: '' })
  t.strictSame(parseBucketUri('s3://acme-data/in/2026'), { bucket: 'acme-data', prefix: 'in/2026' })
  for (const good of ['s3://acme-data', 's3://acme-data/', 's3://acme-data/in/ü x?', 's3://a.b-c/d'])
    t.equal(checkBucketUri(good), undefined, good)
})

t.test('what is written differently is told how to be written', async (t) => {
  const cases: readonly (readonly [string, RegExp, RegExp])[] = [
    ['s3a://acme-data/in', /not s3:/, /"s3:\/\/acme-data\/in"/],
    ['s3n://acme-data', /not s3:/, /"s3:\/\/acme-data"/],
    ['S3://acme-data/in', /not s3:/, /lower case.*"s3:\/\/acme-data\/in"/],
    ['arn:aws:s3:::acme-data/in/*', /not s3:/, /"s3:\/\/acme-data\/in\/\*"/],
    ['https://acme-data.s3.amazonaws.com/in', /not s3:/, /web address/],
    ['acme-data/in', /not s3:/, /"s3:\/\/acme-data\/in"/],
    ['', /not s3:/, /For example/],
    ['s3:///in', /not s3:/, /For example/],
    ['s3://Acme-Data/in', /characters that bucket names do not have/, /lowercase/],
    ['s3://acme-data?versions', /query/, /Leave out/],
    ['s3://acme-data//in', /two slashes/, /"s3:\/\/acme-data\/in"/],
    [`s3://acme-data/${'ü'.repeat(513)}`, /more than 1024 bytes/, /longer/],
  ]
  for (const [text, problem, help] of cases) {
    const objection = checkBucketUri(text)
    t.match(objection?.problem, problem, text)
    t.match(objection?.help, help, text)
  }
})
