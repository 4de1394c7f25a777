// It is shown in place of any page, under that page's address: a script that looked for itself there would load it again and again.
export const csr = false
