import type { MediaOverview } from '#server/domain/media/index.ts'

export type Kind = MediaOverview['kinds'][number]['kind']
export const kinds: Kind[] = ['image', 'animation', 'video', 'audio']
