import sanitize from 'sanitize-html'

export const ALLOWED_TAGS = ['b', 'i', 'u', 'strong', 'em', 'p', 'br', 'ul', 'ol', 'li']

/**
 * HTML with the tags of the list and no attribute at all; of others the text stays, of scripts and styles nothing. For
 * what is meant as HTML only: plain text is kept as it was written and escaped where it is shown.
 */
export const allowedHtml = (html: string): string =>
  sanitize(html, { allowedTags: ALLOWED_TAGS, allowedAttributes: {}, disallowedTagsMode: 'discard' })

const ANY_TAG = new RegExp(`<(?:${ALLOWED_TAGS.join('|')})\\b`, 'i')

/** What somebody wrote, for a page: with its own simple tags where it has any, else line by line. */
export const shownAsHtml = (text: string): string =>
  allowedHtml(ANY_TAG.test(text) ? text : text.replaceAll('\n', '<br>'))
