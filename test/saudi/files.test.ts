import { expect } from 'chai'
import fc from 'fast-check'
import {
  FILE_KINDS,
  fileKindOf,
  HEAD_BYTES,
  MOST_FILE_BYTES,
  readFile,
  readFileName,
} from '../../api/platform/saudi/file-kind.js'

const HEADS = {
  'image/jpeg': Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  'image/png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  'image/webp': Buffer.concat([Buffer.from('RIFF'), Buffer.from('24000000', 'hex'), Buffer.from('WEBPVP8 ')]),
  'application/pdf': Buffer.from('%PDF-1.7\n%âãÏÓ'),
} as const

describe('an uploaded file', () => {
  for (const kind of FILE_KINDS) {
    it(`is ${kind} by its own bytes, whatever it is called`, () => {
      const head = HEADS[kind].subarray(0, HEAD_BYTES)
      expect(readFile(head, 1_000)).to.deep.equal({ value: kind })
      expect(readFile(head, 1_000, { declared: kind })).to.deep.equal({ value: kind })
      expect(readFile(head, 1_000, { declared: 'text/html' })).to.deep.equal({ problem: 'file.mismatch' })
      const others = FILE_KINDS.filter(other => other !== kind)
      expect(readFile(head, 1_000, { kinds: others })).to.deep.equal({ problem: 'file.kind' })
    })
  }

  it('is none of them when its first bytes are others: a web page, a script, a song in a RIFF', () => {
    for (const text of ['<!doctype html>', '#!/bin/sh\n', 'GIF89a', 'MZ', 'RIFF....WAVEfmt ', ' %PDF-1.7'])
      expect(readFile(Buffer.from(text), 100, { declared: 'image/png' })).to.deep.equal({
        problem: 'file.kind',
      })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), bytes => {
        const kind = fileKindOf(bytes)
        if (kind) expect(Buffer.from(bytes).subarray(0, 3)).to.deep.equal(HEADS[kind].subarray(0, 3))
      }),
    )
  })

  it('has 1 byte to 10 MB', () => {
    const head = HEADS['image/png']
    for (const size of [0, -1, 1.5, Number.NaN])
      expect(readFile(head, size)).to.deep.equal({ problem: 'file.empty' })
    expect(readFile(head, MOST_FILE_BYTES)).to.have.property('value')
    expect(readFile(head, MOST_FILE_BYTES + 1)).to.deep.equal({ problem: 'file.too_large' })
  })

  it('has a name that is never a path', () => {
    for (const [text, name] of [
      ['../../etc/cron.d/x', 'x'],
      ['C:\\Users\\sara\\السجل التجاري.pdf', 'السجل التجاري.pdf'],
      ['scan.jpg', 'scan.jpg'],
    ] as const)
      expect(readFileName(text)).to.deep.equal({ value: name })
    for (const text of ['', '/', '..', '../..', 'x/.'])
      expect(readFileName(text), text).to.deep.equal({ problem: 'file.name' })
    expect(readFileName('a\u0000b')).to.deep.equal({ problem: 'text.control' })
    expect(readFileName('a\u202egnp.exe')).to.deep.equal({ problem: 'text.control' })
    expect(readFileName('x'.repeat(256))).to.deep.equal({ problem: 'file.name_length' })
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const { value } = readFileName(text)
        if (value !== undefined) expect(value).to.not.match(/[/\\]|^\.+$/)
      }),
    )
  })
})
