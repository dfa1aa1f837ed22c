/**
 * Letters of the languages that write in Latin script, for character classes. `\p{L}` means the same there, but a pattern
 * takes milliseconds to be made ready for all the scripts of the world, and there are dozens of patterns.
 */
export const upper = 'A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ'
export const letter = 'A-Za-zÀ-ÖØ-öø-ɏ'
