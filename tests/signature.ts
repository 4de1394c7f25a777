import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Is this request signed as the specification of AWS Signature Version 4 says? Written from the specification alone. */
export function signatureFits(request: IncomingMessage, secret: string): boolean {
  const said = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(request.headers.authorization ?? '')
  if (!said) return false
  const [, , day = '', region = '', names = '', signature] = said
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const scope = `${day}/${region}/s3/aws4_request`
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const sortedQuery = query.split('&').filter(Boolean).map((pair) => pair.includes('=') ? pair : `${pair}=`).sort().join('&')
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`).join('')
  const canonical = [request.method, path, sortedQuery, headers, names, request.headers['x-amz-content-sha256']].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${secret}`)
  return names.split(';').includes('host') && hmac(key, toSign).toString('hex') === signature
}
