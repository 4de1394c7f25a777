import fc from 'fast-check'
import { expect, test } from 'vitest'
import { may, mayGiveRole } from './may.ts'
import { acts } from './types.ts'

const roles = ['member', 'moderator', 'admin', 'owner'] as const
const someone = fc.record({ id: fc.constantFrom('1', '2', '3'), role: fc.constantFrom(...roles) })
const act = fc.constantFrom(...acts)
const rank = (role: (typeof roles)[number]) => roles.indexOf(role)

test('nobody acts on themselves', () => {
  fc.assert(fc.property(someone, act, fc.constantFrom(...roles), (who, what, role) => { expect(may(who, what, { id: who.id, role })).toBe(false) }))
})

test('members act on nobody', () => {
  fc.assert(fc.property(someone, act, (target, what) => { expect(may({ id: '9', role: 'member' }, what, target)).toBe(false) }))
})

test('nobody acts on somebody of the same or a higher role; dismissing does nothing to them', () => {
  fc.assert(fc.property(someone, act, someone, (actor, what, target) => {
    if (may(actor, what, target) && what !== 'dismiss') expect(rank(actor.role)).toBeGreaterThan(rank(target.role))
  }))
})

test('who may do something to somebody may do it to everybody below them', () => {
  fc.assert(fc.property(someone, act, someone, fc.constantFrom(...roles), (actor, what, target, lower) => {
    if (may(actor, what, target) && rank(lower) <= rank(target.role)) expect(may(actor, what, { ...target, role: lower })).toBe(true)
  }))
})

test('nobody gives a role as high as their own, and only admins and the owner give roles', () => {
  fc.assert(fc.property(someone, someone, fc.constantFrom(...roles), (actor, target, role) => {
    if (!mayGiveRole(actor, target, role)) return
    expect(rank(actor.role)).toBeGreaterThan(rank(role))
    expect(rank(actor.role)).toBeGreaterThan(rank(target.role))
    expect(rank(actor.role)).toBeGreaterThanOrEqual(rank('admin'))
  }))
})
