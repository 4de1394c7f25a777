/** The emojis that are offered: a choice of the most used, by group, with names to find them by. Loaded when first asked for. */
export const emojiGroups: { id: 'faces' | 'people' | 'nature' | 'food' | 'doing' | 'things' | 'signs'; list: string }[] = [
  { id: 'faces', list: '😀 grinning,😃 smiley,😄 smile,😁 beaming,😆 laughing,😅 sweat_smile,🤣 rofl,😂 joy,🙂 slightly_smiling,🙃 upside_down,😉 wink,😊 blush,😇 innocent,🥰 smiling_hearts,😍 heart_eyes,🤩 star_struck,😘 kiss,😋 yum,😛 tongue,😜 zany_wink,🤪 zany,🤗 hug,🤭 oops,🤫 shush,🤔 thinking,🫡 salute,😐 neutral,😏 smirk,🙄 eye_roll,😬 grimace,😌 relieved,😔 pensive,😪 sleepy,😴 sleeping,😷 mask,🤒 ill,🤧 sneeze,🥵 hot,🥶 cold,🥴 woozy,🤯 mind_blown,🥳 party_face,😎 cool,🤓 nerd,🧐 monocle,😕 confused,🙁 frown,😮 surprised,😲 astonished,😳 flushed,🥺 pleading,🥹 holding_tears,😢 cry,😭 sob,😱 scream,😖 confounded,😞 disappointed,😩 weary,😤 huff,😡 angry,🤡 clown,👻 ghost,🤖 robot,💩 poop,😺 cat_smile' },
  { id: 'people', list: '👍 thumbs_up,👎 thumbs_down,👏 clap,🙌 raised_hands,🙏 pray_thanks,🤝 handshake,👋 wave,✋ hand,👌 ok_hand,🤌 pinched,✌️ victory,🤞 fingers_crossed,🫶 heart_hands,🤟 love_you,💪 muscle,👀 eyes,🧠 brain,👶 baby,🧑 person,👩 woman,👨 man,🧓 elder,🙋 raising_hand,🤷 shrug,🤦 facepalm,💃 dancing,🕺 dancing_man,🧕 headscarf,👨‍👩‍👧 family,👣 footprints' },
  { id: 'nature', list: '🐶 dog,🐱 cat,🐭 mouse,🐰 rabbit,🦊 fox,🐻 bear,🐼 panda,🦁 lion,🐮 cow,🐸 frog,🐵 monkey,🐔 hen,🐦 bird,🦉 owl,🐝 bee,🦋 butterfly,🐢 turtle,🐟 fish,🐬 dolphin,🐪 camel,🌵 cactus,🌲 tree,🌴 palm,🌱 seedling,🍀 clover,🌸 blossom,🌹 rose,🌻 sunflower,🍂 autumn_leaves,🌍 earth,🌙 moon,⭐ star,☀️ sun,⛅ cloudy,🌧️ rain,❄️ snow,🌈 rainbow,🔥 fire,💧 droplet,🌊 ocean_wave' },
  { id: 'food', list: '🍎 apple,🍋 lemon,🍌 banana,🍉 watermelon,🍇 grapes,🍓 strawberry,🍑 peach,🍅 tomato,🥑 avocado,🫒 olive,🌶️ chilli,🥕 carrot,🍞 bread,🥐 croissant,🧀 cheese,🥚 egg,🍕 pizza,🍔 burger,🍟 fries,🌮 taco,🥙 falafel,🥗 salad,🍜 noodles,🍣 sushi,🍦 ice_cream,🍪 cookie,🎂 birthday_cake,🍰 cake,🍫 chocolate,🍯 honey,☕ coffee,🍵 tea,🧃 juice,🍺 beer,🍷 wine' },
  { id: 'doing', list: '⚽ football,🏀 basketball,🎾 tennis,🏃 running,🚴 cycling,🏊 swimming,🧘 yoga,🥾 hiking,⛺ camping,🎣 fishing,🏆 trophy,🎯 target,🎮 gaming,♟️ chess,🎲 dice,🎨 art,🎭 theatre,🎬 film,🎤 singing,🎧 headphones,🎸 guitar,🎹 piano,🥁 drum,🎻 violin,🎉 party,🎁 gift,🎈 balloon,✈️ plane,🚆 train,🚲 bike,🚗 car,🏠 house,🕌 mosque,⛪ church,🏖️ beach,🏔️ mountain' },
  { id: 'things', list: '📷 camera,📱 phone,💻 laptop,💡 idea,🔧 wrench,🔨 hammer,🧵 thread,🧶 yarn,📚 books,📖 open_book,✏️ pencil,📝 memo,📌 pin,📎 paperclip,📅 calendar,⏰ alarm,🔑 key,🔒 lock,💰 money,🛒 shopping,📦 parcel,✉️ envelope,🕯️ candle,🪴 pot_plant,🧺 basket,💊 pill' },
  { id: 'signs', list: '❤️ heart,🧡 orange_heart,💛 yellow_heart,💚 green_heart,💙 blue_heart,💜 purple_heart,🖤 black_heart,🤍 white_heart,💔 broken_heart,💕 two_hearts,✨ sparkles,💯 hundred,✅ check,❌ cross,❗ exclamation,❓ question,⚠️ warning,🚫 forbidden,♻️ recycle,➡️ arrow,🔁 repeat,🎵 music_note,💬 speech,💤 zzz,🏳️‍🌈 pride,🕊️ peace' },
]

/** The pictures and names of one group. */
export const emojisOf = (list: string) => list.split(',').map((one) => {
  const [emoji = '', name = ''] = one.split(' ')
  return { emoji, name }
})

/** Emojis whose name begins with, or else contains, the query; eight at most. */
export function findEmojis(query: string): { emoji: string; name: string }[] {
  const wanted = query.toLowerCase()
  const all = emojiGroups.flatMap((group) => emojisOf(group.list))
  const begins = all.filter((one) => one.name.startsWith(wanted))
  const has = all.filter((one) => !one.name.startsWith(wanted) && one.name.includes(wanted))
  return [...begins, ...has].slice(0, 8)
}
