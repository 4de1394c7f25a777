/** The words most often found in leaked lists (of ten letters or more, or as the stem of one): refused without asking anybody outside. */
export const commonPasswords: ReadonlySet<string> = new Set(`password password1 password12 password123 passw0rd qwerty qwertyuiop qwertyuio qwerty123 qwerty12345 asdfghjkl asdfghjklqwertyuiop zxcvbnm zxcvbnmasdfghjkl
  1234567890 12345678910 0123456789 0987654321 9876543210 123456789a 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedc qazwsxedcrfv 1111111111 0000000000 abcdefghij abcdefghijk abc123456789
  iloveyou iloveyou12 iloveyou123 sunshine princess football baseball basketball superman batman michael jennifer welcome welcome123 letmein letmein123 administrator admin12345 changeme changeme123
  trustno1 whatever starwars dragon monkey master shadow charlie jordan liverpool arsenal chelsea barcelona realmadrid galatasaray fenerbahce manchester internet computer samsung
  hello hellohello helloworld login loginlogin secret secretsecret freedom forever friends family summer winter spring autumn january february monday friday cookie chocolate butterfly
  passwordpassword qwertyqwerty mustang corvette ferrari mercedes hunter ranger soccer hockey pokemon naruto minecraft fortnite google facebook instagram twitter whatsapp
  contraseña contrasena teamo teamo12345 passwort hallo hallohallo schatz motdepasse azertyuiop azerty jetaime senha brasil flamengo corinthians parola sifre sifre12345 marhaba habibi bismillah allahuakbar muhammad mohammed
  привет пароль йцукен йцукенгшщз наташа 密码 woaini woaini1314 sakura password! p@ssw0rd p@ssword pa55word passw0rd123 hearth hearthhearth correcthorsebatterystaple`.split(/\s+/))
