import type { Sentence } from './analysis.ts'

/** A sentence of these is an advert whatever stands around it. */
const advert =
  /\b(?:(?:is|are|was) (?:brought to you|sponsored|supported|made possible) by|this (?:episode|show|podcast|week|message)(?:'s episode)? (?:is|was) (?:also )?(?:brought|sponsored|supported)|today'?s (?:episode|show|sponsors?|podcast)\b.{0,40}\b(?:sponsor|brought)|(?:our|today's|this week's|the show's) sponsors?\b|a word from our|thanks to (?:our )?(?:friends|sponsors?|partners) (?:at|over at|for)|(?:promo|coupon|discount|offer|referral) code|use (?:the )?code\b|(?:percent|%) off (?:your|for|the first|any)|free trial|money[- ]back guarantee|(?:visit|go to|head to|head over to|check out|sign up at|learn more at|find out more at) [\w.-]+(?:\.|\s+dot\s+)(?:com|org|net|io|dev|fm|co|ai|app|example)\b|terms and conditions apply|cancel any ?time|first month(?:'s)? free|start(?:ed)? (?:for free )?today at)/i
/** May go on an advert that has begun. */
const advertGoesOn =
  /\b(?:dot com|\.com|\.io|\.dev|slash \w+|sign up|trial|discount|free shipping|off your|customers?|subscription|plans? start|pricing|your (?:first|team|business|order)|for listeners|offer|try (?:it|them)|download (?:it|the app)|that's \w+(?:\.| dot )(?:com|io|dev|org|net|example)|again,? that's)\b/i
const advertEnds =
  /\b(?:back to (?:the|our) (?:show|conversation|episode|interview)|(?:and )?we(?:'re| are) back|now,? (?:back|on) (?:to|with))\b/i

/** Greetings, thanks and housekeeping: true of any episode. */
const housekeeping =
  /\b(?:welcome (?:back|to)|you'?re listening to|thank(?:s| you)(?: all| you| both| guys| everyone)?(?: so| very)?(?: much)? (?:for (?:having|joining|being|coming|tuning|listening|inviting|watching|taking the time|stopping)|to (?:our|all)|again)|(?:great|good|nice|glad|happy|excited|pleasure|thrilled|honou?red|delighted) (?:to (?:be (?:here|on|back)|have you|meet you|see you|finally)|having you)|appreciate you (?:coming|joining|having|being)|my name is|i(?:'m| am) your host|i(?:'m| am) (?:here|joined|sitting here) (?:with|by|as)|joining (?:me|us)|joined (?:by|as always|today)|our guest|today'?s guest|subscribe|leave (?:us )?a (?:review|rating|comment)|rate (?:and|us)|five[- ]star|we'?ll be right back|(?:take|after) (?:a|this|the) (?:quick |short )?break|show notes?|link(?:s|ed)? (?:in|are in) the|in the (?:description|show notes)|on (?:this|today'?s) (?:episode|show)|(?:this|the|last|next|our|first|second|previous|next) episode|episode (?:number )?\d+|next (?:week|time) on|see you (?:next|in)|until next time|that'?s (?:it|all) for (?:today|this|the)|thanks? for listening|listening to (?:this|the|our) (?:show|podcast|episode)|(?:our|the) (?:listeners?|audience|patreon|slack|discord|newsletter|mailing list)|patreon|follow (?:us|me) (?:on|at)|find (?:me|us|you) (?:on|at|online)|how are you(?: doing)?|(?:i'm|i am|we're|been) doing (?:good|well|great|fine)|how(?:'s| is) it going|let'?s (?:dive|jump|get) (?:right )?(?:in|into|started)|before we (?:start|begin|get|dive|wrap|go|move)\b|wrap(?:ping)? (?:this |it |things )?up|(?:bye|goodbye|take care|cheers)[.!,]|good (?:morning|afternoon|evening)|to kick (?:us|things|it) off|(?:any|some) (?:closing|final|parting) (?:thoughts|words)|anything else you|(?:we're|we are) (?:running )?out of time|on the show|podcast(?:ing|s)?\b|question for you|(?:great|good|interesting|excellent) question|i (?:wanted|want|wanna|have) to ask|let me ask|mentioned (?:earlier|before)|future shows?|(?:ideas|topics) for (?:the|our|future|upcoming)|who have listened|slash community|\w+\.(?:com|fm|dev|io|org)\/(?:community|subscribe|request|join)|(?:our|the) (?:merch|swag|bosses)|you can (?:find|learn|read|get) [^.]{0,90} (?:on|at) (?:my|our|[\w-]+\.(?:com|org|net|io|dev|fm|co))\b|(?:my|our) (?:website|site|blog|twitter|instagram) is|find me on|@\w{3,}|let's talk about|i(?:'m| am) curious|i was (?:gonna|going to) (?:ask|say)|thank you (?:very|so) much|looking forward to (?:talking|meeting|having|this conversation)|swing by|check out our|i (?:totally|completely|couldn't|would) agree|(?:unpopular|popular) opinion|lightning round|happy (?:birthday|anniversary)|congratulations|congrats|as (?:i|you|we) (?:said|mentioned))/i

/** How many sentences an advert may go on without a word that says so. */
const advertReach = 6

export interface Noise {
  /** What nobody would keep: sponsor reads with what belongs to them, greetings, calls to subscribe. */
  readonly noise: ReadonlySet<number>
  /** Of it, the sponsor reads. */
  readonly adverts: ReadonlySet<number>
}

/** By the indices of the sentences. */
export function markNoise(sentences: readonly Sentence[]): Noise {
  const adverts = markAdverts(sentences)
  const chatter = sentences.filter(({ text }) => housekeeping.test(text)).map(({ index }) => index)
  return { noise: new Set([...adverts, ...chatter]), adverts }
}

function markAdverts(sentences: readonly Sentence[]): ReadonlySet<number> {
  const noise = new Set<number>()
  for (const { index, text, turn } of sentences) {
    if (!advert.test(text)) continue
    noise.add(index)
    for (const step of [1, -1]) {
      let quiet = 0
      for (let at = index + step; quiet < advertReach; at += step) {
        const other = sentences[at]
        if (!other || other.turn !== turn) break
        if (step > 0 && advertEnds.test(other.text)) {
          noise.add(at)
          break
        }
        const goesOn = advert.test(other.text) || advertGoesOn.test(other.text)
        quiet = goesOn ? 0 : quiet + 1
        if (goesOn) for (let fill = at; fill !== index; fill -= step) noise.add(fill)
        // What an advert leads up with is two sentences at most.
        if (step < 0 && quiet >= 2) break
      }
    }
  }
  return noise
}
