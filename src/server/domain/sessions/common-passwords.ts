/** The words most often found in leaked lists, whole or as the stem of a password: refused without asking anybody outside. */
export const commonPasswords: ReadonlySet<string> = new Set(`password password1 passw0rd qwerty qwertyuiop qwerty123 qwerty12345 asdfghjkl zxcvbnm 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc qazwsx qazwsxedc qazwsxedcrfv zaq12wsx q1w2e3r4t5 qweasdzxc qweqweqwe
  abc abcd abcdef iloveyou iloveu ilovehim ilovemyself iloveyousomuch iloveme loveme lovely loveyou loveyouforever lovers mylove truelove sunshine princess football baseball basketball volleyball softball superman superstar batman spiderman
  michael michelle jennifer jessica ashley amanda daniel thomas robert william matthew joshua andrew anthony nicole samantha elizabeth stephanie alexander alexandra alexandre christopher christian christina patrick jonathan benjamin victoria veronica natalie caroline charlotte
  welcome letmein letmeinnow administrator administrateur admin adminadmin changeme changemenow default guest guestguest master masterkey root toor testtest testing test testpassword temporary temppassword newpassword mypassword yourpassword nopassword thisispassword thepassword password1password
  trustno1 trustnoone whatever whatever1 starwars startrek dragon dragons dragonball dragonballz monkey monkeys shadow charlie jordan jordan23 liverpool liverpoolfc arsenal chelsea chelseafc everton tottenham barcelona barcelonafc realmadrid madrid juventus intermilan acmilan galatasaray fenerbahce besiktas trabzonspor manchester manchesterunited manutd mancity westham rangers celtic bayernmunchen borussia ajax
  internet internets computer computers laptop samsung motorola nokia sony playstation nintendo xbox microsoft windows linux apple iphone android google facebook instagram twitter whatsapp youtube tiktok snapchat telegram linkedin myspace hotmail gmail yahoo
  hello hellohello hellokitty helloworld hellothere login loginlogin secret secretsecret topsecret supersecret freedom forever forevermore foreverlove foreveryoung friend friends friendship bestfriend family familyfirst summer summertime winter wintertime spring springtime autumn
  january february march april august september october november december monday tuesday wednesday thursday friday saturday sunday birthday happybirthday happy happyness happiness christmas halloween easter
  cookie cookies chocolate butterfly butterflies strawberry blueberry banana bananas cherry pineapple watermelon cheese cheesecake cupcake sweetheart sweety sweetie sweetpea honey honeybee babygirl babyboy babydoll angel angels angelbaby beautiful gorgeous blessed blessing princesa corazon estrella mariposa amorcito tequiero teamo tequieromucho amormio
  mustang corvette ferrari mercedes mercedesbenz porsche lamborghini bmw toyota honda yamaha kawasaki harley harleydavidson hunter ranger soccer soccerball hockey tennis skateboard snowboard golfer swimming pokemon naruto minecraft fortnite roblox counterstrike leagueoflegends worldofwarcraft warcraft starcraft callofduty assassin finalfantasy zelda
  jesus jesuschrist jesusislord jesuslovesme jesus1 godislove godisgood godbless heaven blessed1 christ faith hallelujah bismillah allahuakbar alhamdulillah inshallah subhanallah muhammad mohammed mohamed ahmed habibi habibti marhaba salam assalamualaikum allah
  contraseña contrasena clave claveclave passwort passwort123 hallo hallohallo schatz schatzi sommer motdepasse azertyuiop azerty azertyqsdfgh jetaime bonjour soleil doudou chouchou loulou marseille senha senhasenha brasil flamengo corinthians palmeiras saopaulo parola parolaparola sifre şifre wachtwoord welkom welkom123 geheim haslo haslo123 zaqwsx polska kocham kochamcie matrix mexico argentina america england france germany italia espana canada australia
  привет приветпривет пароль парольпароль йцукен йцукенгшщз наташа любовь солнышко максим россия спартак 密码 我爱你 woaini wodemima sakura doraemon anhyeuem khongbiet sarang saranghae كلمةالسر كلمةالمرور باسورد السلامعليكم حبيبي سبحانالله
  nothing something everything anything unknown unbelievable incorrect wrongpassword password? qwertyqwerty fuckyou fuckoff asshole bullshit bitch motherfucker sexy sexygirl killer killers pussy pussycat ninja ninjas phoenix thunder lightning blackcat whitecat tigers lions eagles cowboys yankees redsox lakers steelers patriots packers buster buddy maggie ginger pepper bailey bandit tigger snoopy mickeymouse mickey minnie garfield scooby simpsons homer southpark peanut peaches pumpkin sparky diamond crystal orange purple yellow silver golden rainbow sunflower flower flowers rosebud jasmine
  hearth hearthhearth correcthorsebatterystaple correcthorse tobeornottobe opensesame abracadabra thequickbrownfox lettherebelight`.split(/\s+/))

const runs = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiopasdfghjklzxcvbnm', 'azertyuiopqsdfghjklmwxcvbn', 'qwertzuiopasdfghjklyxcvbnm', 'йцукенгшщзхъфывапролджэячсмитьбю', 'ضصثقفغعهخحجدشسيبلاتنمكطئءؤرلاىةوزظ']
const disguises: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }

/** Would somebody who guesses try this early? A common word with digits or signs around it or in it, a row of keys, one thing over and over. */
export function isGuessable(password: string): boolean {
  const lower = password.normalize('NFKC').toLowerCase()
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')
  const stem = (text: string) => text.replace(/^[\p{N}]+|[\p{N}]+$/gu, '')
  const undisguised = plain([...lower.replace(/[^\p{L}]+$/u, '')].map((sign) => disguises[sign] ?? sign).join(''))
  const bare = plain(lower)
  if ([lower, bare, stem(bare), undisguised].some((form) => commonPasswords.has(form))) return true
  if (new Set(lower).size < 4 || /^(.{1,5})\1+.?$/su.test(bare)) return true
  return bare !== '' && runs.some((run) => run.includes(bare) || [...run].reverse().join('').includes(bare))
}
