export const help = `Inkwell without a window: turns podcasts and transcripts into Markdown notes.

Usage: inkwell [--profile DIR] <command> [options]

  process <file|url|episode-id>…   Make notes. Takes transcripts (VTT, SRT, JSON, text, Markdown),
                                   recordings with a transcript beside them, addresses of
                                   transcripts and articles, and ids of episodes.
      --out DIR                    Write the notes below DIR instead of your notes folder
      --templates a,b              Only these notes (summary, quotes, key-concepts, …)
      --provider P --model M       By this provider (offline, claude, gemini, a server of yours) and model
      --max-cost 1.10              Yes to this many dollars in all; nothing is sent that could go beyond
      --fresh                      Ask the models anew although the same answer is kept
      --dry-run                    Say what would be made and what it would cost; nothing is sent
  feeds add <url>                  Follow a feed: its address, a site, a YouTube or Apple Podcasts page
      --username U --password-stdin    Of a private feed; the password is read from standard input
      --token-stdin                A bearer token, read from standard input
      --session-only               Keep the secret for this run only, not in the keychain
      --allow-local                Allow an address on this computer or the local network
  feeds list
  feeds refresh [<feed>…]          All that are due, or the ones named
  feeds remove <feed>              Its notes stay in your notes folder
  feeds import-opml <file>
  feeds export-opml [<file>]       To standard output when no file is given
      --private                    With the addresses of private feeds, secrets included
  episodes <feed>                  A feed is named by its id, the start of it, or its title
  jobs                             What is under way and what was done in the last 30 days
  costs                            What was spent, by provider, operation, model, feed and template
      --since DAY --until DAY          Days such as 2026-03-14, or the last N with --days N
      --provider P --model M --operation O --template T --feed F --episode E --job ID
                                       An episode is named by its id or by a part of its title
      --recent N                       And the newest charges
      --out FILE --format csv|json     All that fits into a file
  costs limits                     What asks and what stops, and how much of it is spent
  costs set-limit job|day|month|feed <dollars|none>
      --stops                          Nothing passes it; without it your yes does
      --feed F                         Of a limit for a feed, each month
  costs prices                     What models cost
  audit                            What was changed, newest first
      --since DAY --until DAY          Days such as 2026-03-14 (UTC)
      --feature F --text WORDS         Of one feature (feeds, notes, …), or with these words
      --limit N                        50 by default
      --out FILE --format json|csv     All that fits into a file
  health                           Whether everything is as it should be; exit code 1 when something
                                   is damaged or lost, 0 when there are only warnings
      --full                       Read and compare everything
      --mend ID                    What mending a finding would do; with --yes it is done
      --leave ID                   Leave a finding as it is: not shown again until it changes
      --look-again ID              Take that back
  models [providers]               Who makes notes and transcripts, and what an hour of talk costs
  models list [<provider>]         Models as last heard, with prices
  models check [<provider>…]       Asks for them now; costs nothing, and tries the key
  models set-key <provider>        The key is read from standard input, tried, and put into the keychain
      --keep-anyway                Even if the provider refuses it
  models remove-key <provider>
  models assign <task> <model> [<fallback>]   For extraction, interview or transcription; a model is
                                   named as <provider>/<model>, or “offline”
  models add-server <name> [<address>]   One that speaks OpenAI's API: ollama, lm-studio, vllm,
                                   speaches, openrouter, openai, groq, or your own
      --needs-key                  It takes no requests without one
  models remove-server <name>
  speech [list]                    Speech models for this computer, and whether ffmpeg is here
  speech download <model>          Goes on where it stopped; Ctrl+C pauses it
  speech import <model> <folder>   From files that you have
  speech verify <model>            Reads every byte of it
  speech probe <model>             How fast it is here
  speech default <model>           Use this one
  speech remove <model>
  speech folder <folder>           Where models are kept

  retention [show]                 How long things are kept, and what is stored
  retention preview                What would go, and what stays all the same
  retention sweep --yes            Lets it go; from then on the app does so daily
  retention set <kind> <days|never>    Recordings take a size as well, such as 20GB

  backup create                    One file with everything but secrets, read back before it is called made
      --out FILE                   Instead of the folder of backups
      --media                      With recordings
      --passphrase-stdin           Encrypted with the words on standard input
  backup list
  backup verify <file>             Reads every byte of it and opens its database
  backup restore <file>            Into a new profile, which is verified and then used
      --dry-run                    Only say what it would do
  backup switch-back               Use the profile from before the restore again

  kit [status]                     What a recovery kit of the keychain's secrets would hold, and when one was made
  kit words                        Twelve words to encrypt one with
  kit make --out FILE --words-stdin    Encrypted with the words on standard input, read back, compared
  kit test FILE --words-stdin      Opens it and compares it with the keychain
  kit restore FILE --words-stdin   Puts what is missing into the keychain of this computer
      --replace                    And what differs
  logs                             The newest lines of the log
      --limit N --level warn       50 by default; info, warn or error and above
  diagnostics                      What you may give to who helps you: read it first
      --out FILE                   Into a file

  --json                           Print one JSON object: {schema_version, ok, command, data or error}
  --profile DIR                    The profile to use (or INKWELL_PROFILE); the app's own by default
  --help, --version

The result goes to standard output, progress to standard error.
Exit code: 0 done, 1 something failed, 2 not understood, 130 interrupted.
`
