/** Marks a file that Inkwell wrote: what it holds is read back as it is, nothing joined and nothing cleaned. */
export const ownGenerator = 'Inkwell'
