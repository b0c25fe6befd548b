import { expect } from 'chai'
import fc from 'fast-check'
import { ALLOWED_TAGS, allowedHtml } from '../../api/platform/saudi/html.js'

describe('allowed HTML', () => {
  it('keeps the tags of the list, without attributes', () => {
    expect(allowedHtml('<p class="x">ضمان <b onclick="a()">سنة</b><br>')).to.equal(
      '<p>ضمان <b>سنة</b><br /></p>',
    )
    for (const tag of ALLOWED_TAGS.filter(tag => tag !== 'br'))
      expect(allowedHtml(`<${tag} style="x">ق</${tag}>`)).to.equal(`<${tag}>ق</${tag}>`)
  })

  it('keeps the text of other tags, and nothing of a script', () => {
    expect(allowedHtml('<a href="javascript:x()">هنا</a><script>x()</script><style>p{}</style>')).to.equal(
      'هنا',
    )
    expect(allowedHtml('<img src=x onerror=x()>')).to.equal('')
    expect(allowedHtml('<svg><script>x()</script></svg><iframe src=x></iframe>')).to.equal('')
  })

  it('lets through no other tag and no attribute, whatever it is given, and leaves its own work alone', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '<b>',
      '</b>',
      '<p x=">">',
      '<script>',
      '</script',
      '<!--',
      '-->',
      '"',
      "'",
      '=',
      ' ',
      'ق',
      '&lt;',
      '<a href=',
      '<br/',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
        const clean = allowedHtml(pieces.join(''))
        for (const [, tag, rest] of clean.matchAll(/<\/?([a-z]*)([^>]*)>?/gi)) {
          expect(ALLOWED_TAGS, clean).to.include(tag)
          expect(rest?.trim(), clean).to.be.oneOf(['', '/'])
        }
        expect(allowedHtml(clean)).to.equal(clean)
      }),
    )
  })
})
