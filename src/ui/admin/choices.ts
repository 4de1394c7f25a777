import type { Translator } from '#i18n/translate.ts'

type Option = { value: string; label: string; hint: string }

export const joinChoices = ({ t }: Translator): Option[] => [
  { value: 'open', label: t('setup.joinOpen'), hint: t('setup.joinOpenHint') },
  { value: 'approval', label: t('setup.joinApproval'), hint: t('setup.joinApprovalHint') },
  { value: 'invitation', label: t('setup.joinInvitation'), hint: t('setup.joinInvitationHint') },
  { value: 'closed', label: t('setup.joinClosed'), hint: t('setup.joinClosedHint') },
]
export const readChoices = ({ t }: Translator): Option[] => [
  { value: 'everyone', label: t('setup.readEveryone'), hint: t('setup.readEveryoneHint') },
  { value: 'members', label: t('setup.readMembers'), hint: t('setup.readMembersHint') },
]
export const pictureChoices = ({ t }: Translator): Option[] => [
  { value: 'allowed', label: t('setup.picturesAllowed'), hint: t('setup.picturesAllowedHint') },
  { value: 'review', label: t('setup.picturesReview'), hint: t('setup.picturesReviewHint') },
  { value: 'none', label: t('setup.picturesNone'), hint: t('setup.picturesNoneHint') },
]
export const emailChoices = ({ t }: Translator): Option[] => [
  { value: 'none', label: t('admin.emailNone'), hint: t('admin.emailNoneHint') },
  { value: 'optional', label: t('admin.emailOptional'), hint: t('admin.emailOptionalHint') },
  { value: 'confirmed', label: t('admin.emailConfirmed'), hint: t('admin.emailConfirmedHint') },
]
export const audienceChoices = ({ t }: Translator): Option[] => [
  { value: 'public', label: t('admin.audiencePublic'), hint: t('admin.audiencePublicHint') },
  { value: 'members', label: t('admin.audienceMembers'), hint: t('admin.audienceMembersHint') },
  { value: 'followers', label: t('admin.audienceFollowers'), hint: t('admin.audienceFollowersHint') },
]
