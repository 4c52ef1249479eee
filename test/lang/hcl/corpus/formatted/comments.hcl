# one
// two
/* three */
/* four
   five */
a     = 1              # trailing
bbbbb = 22             // also trailing
c     = 3 /* inside */ # and trailing

# indented comment
d = [   # after bracket
  1,    # after item
  2222, // after item
  # alone
  3
] # after closing

block "x" { # after brace
  # inside
  a  = 1 /* x */
  bb = /* y */ 2

  # last
} # done
block "y" {
  f = g( # c
    1    # d
  )
  long = 1 # e
  # f
  x = 2 # g
}
e = {     # h
  a   = 1 # i
  bbb = 2 # j
}
f = a /* k */ + b
#no space
#	tab and trailing space 
g = "# no comment // none /* none */"
