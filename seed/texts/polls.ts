/** A question and its answers. */
export const polls: readonly { text: string; options: readonly string[]; multiple?: boolean }[] = [
  { text: 'What should the choir sing first?', options: ['Something old', 'Something new', 'The one everybody knows', 'Surprise us'] },
  { text: 'Soup for the next common lunch?', options: ['Lentil', 'Pumpkin', 'Fish', 'All of them, in one pot'] },
  { text: 'When do you go to the market?', options: ['Before eight', 'Around ten', 'At noon, for the bargains', 'I send somebody'] },
  { text: 'Which colour for the new bench?', options: ['Green', 'Blue', 'Just wood', 'Every slat another one'] },
  { text: 'Film night: what are we in the mood for?', options: ['A comedy', 'Something with trains', 'An old one', 'A documentary about owls'], multiple: true },
  { text: 'Which days suit you for the repair café?', options: ['Tuesday evening', 'Thursday evening', 'Saturday morning', 'Sunday afternoon'], multiple: true },
  { text: 'Is a tomato sandwich better with salt or with pepper?', options: ['Salt', 'Pepper', 'Both', 'Neither, I am a purist'] },
  { text: 'The goose on the footbridge: does it need a name?', options: ['Yes, Bernadette', 'Yes, Admiral', 'No, it knows who it is'] },
  { text: 'Walking on Sunday: long or short?', options: ['Long, with sandwiches', 'Short, with cake'] },
  { text: 'What do you grow on the windowsill?', options: ['Herbs', 'Tomatoes', 'A cat', 'Nothing survives here'], multiple: true },
]
