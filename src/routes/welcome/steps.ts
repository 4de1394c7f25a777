/** A member's first steps, in order. */
export const steps = ['tags', 'people', 'picture', 'hello'] as const
export type Step = (typeof steps)[number]

/** The steps of this community: no picture where none is allowed. */
export const stepsFor = (picturesAllowed: boolean): Step[] => steps.filter((step) => step !== 'picture' || picturesAllowed)

/** Where the step after this one is; null after the last. */
export function stepAfter(all: Step[], step: Step): string | null {
  const next = all[all.indexOf(step) + 1]
  return next ? `/welcome?step=${next}` : null
}
