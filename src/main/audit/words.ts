/** What each action of the trail is called, in past tense; a test holds this against what the code writes. */
export const actionWords: Readonly<Record<string, string>> = {
  'backup.chooseFolder': 'Folder of backups chosen',
  'backup.create': 'Backup made',
  'backup.forgetPrevious': 'Earlier profile removed',
  'backup.remove': 'Old backup removed',
  'backup.restore': 'Profile restored from a backup',
  'backup.set': 'Backup settings changed',
  'backup.setPassphrase': 'Passphrase of backups changed',
  'backup.switchBack': 'Earlier profile put back in use',
  'costs.append': 'Charge noted',
  'episodes.addLocal': 'File or text added',
  'episodes.markProcessed': 'Episode processed',
  'episodes.setSeen': 'Episodes marked',
  'feeds.acceptMove': 'Move of a feed accepted',
  'feeds.add': 'Feed added',
  'feeds.addSample': 'Sample added',
  'feeds.dismissMove': 'Move of a feed dismissed',
  'feeds.forgetSecret': 'Secret of a removed feed forgotten',
  'feeds.importOpml': 'Feeds imported',
  'feeds.proposeMove': 'Move of a feed found',
  'feeds.refresh': 'Feed refreshed',
  'feeds.remove': 'Feed removed',
  'feeds.rename': 'Feed renamed',
  'feeds.restoreSecrets': 'Secrets of feeds brought back',
  'feeds.setCategory': 'Category of a feed changed',
  'feeds.setCredentials': 'Credentials of a feed given',
  'feeds.setPaused': 'Feed paused or resumed',
  'feeds.undoMove': 'Move of a feed undone',
  'feeds.undoRemove': 'Feed brought back',
  'feeds.upgradeToHttps': 'Feed read over https from now on',
  'feeds.withdrawMove': 'Move of a feed withdrawn',
  'health.leave': 'Finding left as it is',
  'interviews.abandon': 'Interview left',
  'interviews.answer': 'Question answered',
  'interviews.ask': 'Question asked',
  'interviews.export': 'Interview written to the folder',
  'interviews.setState': 'Interview paused, resumed or ended',
  'interviews.start': 'Interview begun',
  'jobs.cancel': 'Job cancelled',
  'jobs.clearFinished': 'Finished jobs cleared',
  'jobs.retry': 'Job tried again',
  'jobs.start': 'Job started',
  'kit.make': 'Recovery kit made',
  'kit.restore': 'Secrets brought back from a recovery kit',
  'kit.test': 'Recovery kit tested',
  'notes.bringBack': 'Note brought back',
  'notes.followRenamed': 'Renamed note found',
  'notes.forgetMissing': 'Missing notes forgotten',
  'notes.keepMine': 'Own text of a note kept',
  'notes.merge': 'Texts of a note merged',
  'notes.merged': 'Merged text put in place',
  'notes.restoreVersion': 'Earlier text of a note chosen',
  'notes.restored': 'Earlier text of a note put in place',
  'notes.rewriteDamaged': 'Damaged note written again',
  'notes.sweepLeftovers': 'Left-over files of notes removed',
  'notes.takeNew': 'Newer text of a note chosen',
  'notes.taken': 'Newer text of a note put in place',
  'notes.write': 'Notes made',
  'notes.written': 'Notes written to the folder',
  'retention.agree': 'Daily sweeps agreed to',
  'retention.set': 'Keeping rule changed',
  'retention.sweep': 'Swept',
  'settings.set': 'Setting changed',
  'settings.setVault': 'Notes folder chosen',
  'storage.notice': 'Trouble told',
  'storage.noticeSeen': 'Trouble seen',
  'storage.recovered': 'Database recovered',
  'templates.putBack': 'Template put back as saved',
  'templates.remove': 'Template removed',
  'templates.save': 'Template saved',
  'templates.setDefaults': 'Usual notes changed',
  'templates.undoRemove': 'Template brought back',
  'transcripts.store': 'Transcript stored',
  'transcripts.remember': 'Way to a transcript chosen',
  'transcripts.addCorrection': 'Correction of transcripts added',
  'transcripts.removeCorrection': 'Correction of transcripts removed',
  'transcripts.nameSpeaker': 'Speaker named',
  'transcripts.useVersion': 'Another transcript put into use',
}

/** In words; an action that has none (of a newer Inkwell) is spelled out. */
export const titleOf = (action: string): string => {
  if (Object.hasOwn(actionWords, action)) return actionWords[action]!
  const spelled = action
    .replace('.', ': ')
    .replace(/[-_]+/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
  return spelled.charAt(0).toUpperCase() + spelled.slice(1)
}

/** Actions whose words hold a word, whatever its case. */
export const actionsNamed = (word: string): string[] => {
  const wanted = word.toLowerCase()
  return Object.entries(actionWords).flatMap(([action, words]) =>
    words.toLowerCase().includes(wanted) ? [action] : [],
  )
}
