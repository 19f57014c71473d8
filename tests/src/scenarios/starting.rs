use super::chapter;
chapter! {}
