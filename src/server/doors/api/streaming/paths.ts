/** Where each stream has an address of its own, below /api/v1/streaming. */
export const streamPaths: Record<string, string> = {
  user: 'user', 'user/notification': 'user:notification', public: 'public', 'public/local': 'public:local', 'public/remote': 'public:remote', hashtag: 'hashtag', 'hashtag/local': 'hashtag:local', list: 'list', direct: 'direct',
}

/** Which stream an address names; undefined where it names none. */
export const streamOfPath = (path: string): string | undefined => streamPaths[path.replace(/^\/api\/v1\/streaming\/?/, '').replace(/\/$/, '')]
