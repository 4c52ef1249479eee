plain        = <<EOT
line one
  line two
EOT
flush        = <<-EOT
    four
      six

    four
    EOT
interpolated = <<-POLICY
  {
    "Resource": "arn:aws:s3:::${bucket}/*",
    "Literal": "\n %%{ x }"
  }
  POLICY
after        = 1
block "a" {
  text      = <<EOF
   # not a comment
a = b
EOF
  next      = "x"
  directive = <<-EOT
    %{for x in list~}
    item ${x}
    %{endfor~}
    done
  EOT
}
call = upper(<<EOT
text
EOT
)
list = [<<A
a
A
  , <<B
b
B
]
object = {
  a = <<EOT
text
EOT
  b = 2
}
indented_marker = <<EOT
  text
    EOT
almost_marker   = <<EOT
EOTX
 EOT.
EOT
tabs            = <<-EOT
		two
	one
	EOT
