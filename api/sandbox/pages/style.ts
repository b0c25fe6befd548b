/** Fonts of the system and no scripts: the pages load nothing. Logical properties serve both directions. */
export const STYLE = `
:root{--ink:#14213d;--soft:#5b6478;--line:#dde1ea;--ground:#f3f5f9;--panel:#fff;--brand:#0f6b4f;--brand-deep:#0b523c;
--bad:#b3261e;--warn-ground:#fff6df;--warn:#6b4e00;color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI","Noto Sans",Roboto,"Noto Sans Arabic","Geeza Pro",Tahoma,sans-serif}
body:lang(ar){line-height:1.7}
main{max-width:27rem;margin:0 auto;padding:1.25rem 1rem 3rem}
main.wide{max-width:64rem}
.second{margin-top:1rem}
header{display:flex;align-items:center;justify-content:space-between;gap:1rem;margin-bottom:1rem}
.name{display:flex;align-items:center;gap:.6rem;font-weight:700;font-size:1.1rem;letter-spacing:-.01em}
.name svg{width:2rem;height:2rem;flex:none}
a{color:var(--brand)}
.language{padding:.4rem .8rem;border:1px solid var(--line);border-radius:99px;background:var(--panel);text-decoration:none;font-size:.9rem}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:16px;padding:1.5rem;box-shadow:0 1px 2px #14213d0d,0 8px 24px #14213d0f}
.notice{margin:0 0 1rem;padding:.6rem .9rem;border-radius:10px;background:var(--warn-ground);color:var(--warn);font-size:.875rem}
.wrong{margin:0 0 1rem;padding:.6rem .9rem;border-radius:10px;background:#fdecea;color:var(--bad);font-size:.9rem}
.label{color:var(--soft);font-size:.875rem;margin:0}
.amount{font-size:2.25rem;line-height:1.2;font-weight:700;margin:.15rem 0 1.1rem;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.amount small{font-size:1.05rem;font-weight:600;color:var(--soft);letter-spacing:0}
dl{margin:0 0 1.25rem;padding:.9rem 0;border-block:1px solid var(--line);display:grid;grid-template-columns:auto 1fr;gap:.45rem 1rem;font-size:.925rem}
dt{color:var(--soft)}
dd{margin:0;text-align:end;overflow-wrap:anywhere;font-weight:500}
fieldset{border:0;margin:0 0 1.25rem;padding:0;display:grid;gap:.9rem;grid-template-columns:3fr 2fr}
.whole{grid-column:1/-1}
dd.id{font-size:.72rem;align-self:center;letter-spacing:-.02em}
label{display:block;font-size:.875rem;color:var(--soft)}
select{display:block;width:100%;margin-top:.3rem;padding:.7rem .75rem;padding-inline-end:2rem;font:inherit;font-size:.95rem;color:var(--ink);text-overflow:ellipsis;border:1px solid #c3cad8;border-radius:10px;appearance:none;
background:linear-gradient(45deg,transparent 50%,var(--soft) 50%) no-repeat right 18px center/6px 6px,linear-gradient(-45deg,transparent 50%,var(--soft) 50%) no-repeat right 12px center/6px 6px,var(--panel)}
[dir=rtl] select{background-position:left 12px center,left 18px center}
button,.button{display:block;width:100%;padding:.8rem 1rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;border-radius:10px;border:1px solid transparent;cursor:pointer}
.approve{background:var(--brand);color:#fff}
.approve:hover{background:var(--brand-deep)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem;margin-top:.75rem}
.decline{background:var(--panel);color:var(--bad);border-color:#e2b4b1}
.decline:hover{background:#fdf3f2}
.cancel{background:var(--panel);color:var(--ink);border-color:#c3cad8}
.cancel:hover{background:var(--ground)}
:focus-visible{outline:3px solid #0f6b4f66;outline-offset:2px}
footer{margin-top:1rem;text-align:center;color:var(--soft);font-size:.8rem}
.seal{width:3.5rem;height:3.5rem;border-radius:50%;display:grid;place-items:center;margin:0 auto .9rem;background:#e5f4ee;color:var(--brand)}
.seal svg{width:1.75rem;height:1.75rem}
.seal.bad{background:#fdecea;color:var(--bad)}
.result{text-align:center}
.result h1{margin:0 0 .25rem;font-size:1.35rem}
.result .amount{margin:.6rem 0 1.1rem}
.result dl{text-align:start}
h1{font-size:1.35rem;margin:0 0 .25rem}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:.9rem}
th,td{padding:.6rem .75rem;text-align:start;border-bottom:1px solid var(--line);white-space:nowrap}
th{color:var(--soft);font-weight:500}
td.number,th.number{text-align:end;font-variant-numeric:tabular-nums}
tr:last-child td{border-bottom:0}
code{font:.85em ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.state{display:inline-block;padding:.1rem .55rem;border-radius:99px;background:var(--ground);font-size:.8rem;font-weight:600}
.state.CAPTURED,.state.AUTHORIZED{background:#e5f4ee;color:var(--brand-deep)}
.state.DECLINED,.state.FAILED,.state.TIMEDOUT{background:#fdecea;color:var(--bad)}
.state.INITIATED{background:var(--warn-ground);color:var(--warn)}
nav{display:flex;gap:1rem}
.message{margin-bottom:1rem;padding:1.1rem 1.25rem}
.message h1{margin:.5rem 0 0;font-size:1.1rem}
.text{margin:.5rem 0 0;white-space:pre-line;overflow-wrap:anywhere}
dl:last-child{margin-bottom:0;padding-bottom:0;border-bottom:0}
@media(max-width:26rem){.panel{padding:1.15rem}.amount{font-size:2rem}fieldset{grid-template-columns:1fr}}
`
