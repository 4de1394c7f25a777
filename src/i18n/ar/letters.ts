// What the server says outside of pages: mail.
import mail from './mail.json' with { type: 'json' }

export default { ...mail }
