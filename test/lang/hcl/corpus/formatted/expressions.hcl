precedence   = 1 + 2 * 3 - 4 / 5 % 6
comparison   = a < b && c <= d || e > f && !g
equality     = a == b != c
negative     = -1
negatives    = --1 - -x
grouped      = (a + b) * c
conditional  = a ? b : c ? d : e
nested       = a ? (b ? 1 : 2) : 3
number       = 1234567890123456789
fraction     = 0.1
exponent     = 1.5e3
small        = 25e-2
null_value   = null
yes          = true
no           = false
list         = [1, 2, 3]
trailing     = [1, 2, ]
empty_list   = []
empty_object = {}
object       = { a = 1, "b c" = 2, (d) = 3, 5 = 4, true = 6 }
colons       = { a : 1, b : 2 }
mixed = {
  a          = 1,
  b          = 2
  "c" : 3, d = 4
}
index       = a[0]["b"][c.d]
attribute   = a.b.c
legacy      = a.0.b
splat       = a.*.b
full_splat  = a[*].b[0].c
splats      = a[*].b[*].c
after_splat = a.*.b[0]
call        = f()
call_args   = f(1, "2", [3])
expand      = f(a, b...)
nested_call = upper(lower(trimspace(x)))
for_list    = [for x in y : x]
for_index   = [for i, x in y : "${i}=${x}" if x != ""]
for_object  = { for k, v in x : k => upper(v) }
for_group   = { for k, v in x : v => k... if k != "a" }
for_tuple   = [for x in [1, 2] : x]
multi_line = [
  for x in y :
  x.name
  if x.ok
]
parenthesised = (
  a
  && b
  || c
)
args = f(
  1,
  2,
)
in_brackets = [
  a +
  b,
  c
  ? d
  : e,
]
index_lines = a[
  0
]
dashes = my-name-1 - 2
minus  = a-b - c - d
not    = !a == !b
