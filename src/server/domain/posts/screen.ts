import type { App } from '#server/app.ts'
import type { ScreenPort } from './types.ts'

const key = 'posts.screen'
const letPass: ScreenPort = async () => ({ act: 'pass' })

/** Who is asked before a post is published or changed. Set once, by main. */
export function useScreen(app: App, screen: ScreenPort): void {
  app.caches.set(key, screen)
}

export const screenOf = (app: App): ScreenPort => app.caches.get(key) as ScreenPort | undefined ?? letPass
