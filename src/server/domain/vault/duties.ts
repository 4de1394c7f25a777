import type { Category } from '#server/domain/cases/index.ts'

/**
 * Whom the law wants told, and by when. `check`: not read in the law or on the body's own page (or not in force for certain), to be looked up before relying on it; the page says so. The others were read in November 2026.
 * `within`: hours, where the law names them; null: without undue delay. `keepDays`: how long evidence has to stay.
 */
export type Duty = { id: string; category: Extract<Category, 'terrorism' | 'child_safety' | 'intimate_images'> | 'life'; whom: string; address: string; law: string; within: number | null; keepDays: number | null; check: boolean }

const eu: Duty[] = [
  { id: 'eu-life', category: 'life', whom: 'Police or prosecutor of the member state concerned; where that is unknown, of the home country, or Europol', address: 'https://www.europol.europa.eu/report-a-crime', law: 'Regulation (EU) 2022/2065, Article 18', within: null, keepDays: null, check: false },
  { id: 'eu-terror-life', category: 'terrorism', whom: 'Authorities of the member state concerned (imminent threat to life)', address: 'https://www.europol.europa.eu/report-a-crime', law: 'Regulation (EU) 2021/784, Article 14(5)', within: null, keepDays: 184, check: true },
  { id: 'eu-terror-order', category: 'terrorism', whom: 'The authority that ordered it', address: '/admin/orders', law: 'Regulation (EU) 2021/784, Article 3', within: 1, keepDays: 184, check: false },
  { id: 'eu-intimate', category: 'intimate_images', whom: 'The person shown; the police where they wish so', address: 'https://stopncii.org/', law: 'Directive (EU) 2024/1385', within: null, keepDays: null, check: true },
]
/** The hotline of each country (members of INHOPE, inhope.org). */
const hotlines: Record<string, [string, string]> = {
  AT: ['Stopline', 'https://www.stopline.at/'], BE: ['Child Focus', 'https://childfocus.be/'], BG: ['SafeNet', 'https://www.safenet.bg/'], HR: ['Centar za sigurniji internet', 'https://csi.hr/'], CY: ['CyberSafety', 'https://www.cybersafety.cy/'],
  CZ: ['STOPonline', 'https://www.stoponline.cz/'], DK: ['AnmeldDet', 'https://anmeld-det.dk/'], EE: ['Vihjeliin', 'https://vihjeliin.targaltinternetis.ee/'], FI: ['Nettivihje', 'https://www.nettivihje.fi/'], FR: ['Point de Contact', 'https://www.pointdecontact.net/'],
  DE: ['internet-beschwerdestelle.de, jugendschutz.net', 'https://www.internet-beschwerdestelle.de/'], GR: ['SafeLine', 'https://www.safeline.gr/'], HU: ['Internet Hotline', 'https://nmhh.hu/internethotline'], IE: ['Hotline.ie', 'https://hotline.ie/'],
  IT: ['Stop-It, Telefono Azzurro', 'https://stop-it.savethechildren.it/'], LV: ['Drossinternets', 'https://drossinternets.lv/'], LT: ['Švarus internetas', 'https://svarusinternetas.lt/'], LU: ['BEE SECURE Stopline', 'https://stopline.bee-secure.lu/'], MT: ['Child Web Alert', 'https://childwebalert.gov.mt/'],
  NL: ['Offlimits', 'https://offlimits.nl/'], PL: ['Dyżurnet.pl', 'https://dyzurnet.pl/'], PT: ['Linha Internet Segura', 'https://www.internetsegura.pt/'], RO: ['Salvați Copiii – esc_ABUZ', 'https://oradenet.salvaticopiii.ro/'], SK: ['Stopline.sk', 'https://www.stopline.sk/'], SI: ['Spletno oko', 'https://www.spletno-oko.si/'],
  ES: ['INCIBE', 'https://www.incibe.es/'], SE: ['ECPAT Sverige', 'https://www.ecpat.se/'],
}
const others: Record<string, Duty[]> = {
  US: [
    { id: 'us-ncmec', category: 'child_safety', whom: 'NCMEC, CyberTipline', address: 'https://report.cybertip.org/', law: '18 U.S.C. § 2258A(a) (as soon as reasonably possible after actual knowledge) and (h) (a year’s preservation, Pub. L. 118-59)', within: null, keepDays: 366, check: false },
    { id: 'us-life', category: 'life', whom: 'FBI; local police in an emergency', address: 'https://tips.fbi.gov/', law: '18 U.S.C. § 2702(b)(8)', within: null, keepDays: null, check: true },
    { id: 'us-intimate', category: 'intimate_images', whom: 'The person shown: removal, of identical copies too, within 48 hours of a valid request', address: 'https://takeitdown.ftc.gov/', law: 'TAKE IT DOWN Act (binds platforms since 19 May 2026; the FTC enforces it)', within: 48, keepDays: null, check: false },
  ],
  GB: [
    { id: 'gb-nca', category: 'child_safety', whom: 'National Crime Agency; Internet Watch Foundation', address: 'https://report.iwf.org.uk/', law: 'Online Safety Act 2023, section 66 (begins with the NCA’s reporting body, last announced for spring 2026; until then IWF or NCMEC)', within: null, keepDays: null, check: true },
    { id: 'gb-terror', category: 'terrorism', whom: 'Counter Terrorism Internet Referral Unit', address: 'https://www.gov.uk/report-terrorism', law: 'Online Safety Act 2023', within: null, keepDays: null, check: true },
    { id: 'gb-life', category: 'life', whom: 'Police (999)', address: 'https://www.police.uk/', law: '–', within: null, keepDays: null, check: true },
  ],
  CA: [
    { id: 'ca-tip', category: 'child_safety', whom: 'Canadian Centre for Child Protection (Cybertip.ca) for addresses; the police for offences on one’s own service', address: 'https://www.cybertip.ca/', law: 'S.C. 2011, c. 4, sections 2 to 4 (what the police was told of stays 21 days)', within: null, keepDays: 21, check: true },
    { id: 'ca-life', category: 'life', whom: 'Police (911), RCMP', address: 'https://www.rcmp-grc.gc.ca/', law: '–', within: null, keepDays: null, check: true },
  ],
  AU: [
    { id: 'au-afp', category: 'child_safety', whom: 'Australian Federal Police (ACCCE); eSafety Commissioner', address: 'https://www.esafety.gov.au/report', law: 'Criminal Code, section 474.25', within: null, keepDays: null, check: true },
    { id: 'au-terror', category: 'terrorism', whom: 'Australian Federal Police (abhorrent violent material)', address: 'https://www.afp.gov.au/', law: 'Criminal Code, section 474.33 (within a reasonable time; conduct in Australia)', within: null, keepDays: null, check: false },
    { id: 'au-life', category: 'life', whom: 'Police (000)', address: 'https://www.afp.gov.au/', law: '–', within: null, keepDays: null, check: true },
  ],
}

/** Countries that the table knows. */
export const dutyCountries = [...Object.keys(hotlines), ...Object.keys(others)]

/** What is due in a country; of one that the table doesn't know, nothing. */
export function dutiesOf(country: string): Duty[] {
  const hotline = hotlines[country]
  if (!hotline) return others[country] ?? []
  const [whom, address] = hotline
  return [{ id: `${country.toLowerCase()}-hotline`, category: 'child_safety', whom: `${whom}; the police`, address, law: 'Directive 2011/93/EU as carried out in the country; hotlines move: the list at inhope.org counts', within: null, keepDays: 366, check: true }, ...eu]
}
