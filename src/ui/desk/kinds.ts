import type { CaseKind } from '#server/domain/cases/index.ts'
import type { IconName } from '#ui/base/icons.ts'

export const kindIcons: Record<CaseKind, IconName> = { report: 'flag', hold: 'hand', appeal: 'scale', signup: 'door-open', avatar: 'camera', order: 'landmark', practice: 'graduation-cap' }
