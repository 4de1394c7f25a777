/** How many bytes a browser is sent for these addresses, each once, packed with brotli. */
export async function sentBytes(urls: readonly string[]): Promise<number> {
  const sizes = await Promise.all([...new Set(urls)].map(async (url) => {
    const answer = await fetch(url, { headers: { 'accept-encoding': 'br' } })
    await answer.arrayBuffer()
    return Number(answer.headers.get('content-length'))
  }))
  return sizes.reduce((sum, size) => sum + size, 0)
}
